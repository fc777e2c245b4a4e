import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScriptoriumModule } from './scriptorium.module.ts';

@Controller()
class ProductController {
  @Get()
  page(): string {
    return 'The product';
  }
}

@Module({ imports: [ScriptoriumModule], controllers: [ProductController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
console.log(`${await app.getUrl()}/`);
