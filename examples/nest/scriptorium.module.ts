import {
  type BeforeApplicationShutdown,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { createServer } from 'scriptorium/server';

/** Scriptorium at /scriptorium of a Nest application. Documents live as long as this process. */
@Module({})
export class ScriptoriumModule implements NestModule, OnApplicationBootstrap, BeforeApplicationShutdown {
  @Inject(HttpAdapterHost) private readonly host!: HttpAdapterHost;
  private readonly scriptorium = createServer({ basePath: '/scriptorium' });

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(this.scriptorium.handler).forRoutes('scriptorium/{*path}');
  }

  /** WebSockets at /scriptorium/sync/<document>. */
  async onApplicationBootstrap(): Promise<void> {
    await this.scriptorium.attach(this.host.httpAdapter.getHttpServer());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.scriptorium.close();
  }
}
