import { mkdtemp, rm } from 'node:fs/promises';
import { pinGenerator } from './core.ts'; import { startServer } from './server-process.ts'; import { measureRoom } from './room-load.ts';
const pin=pinGenerator(); const f=await mkdtemp('/tmp/zzb-'); const s=await startServer(pin,['bin/scriptorium.js','serve','--port','0','--data',f,'--log-format','json']); const r=await startServer(pin,['bench/peers/ws-relay.js']);
const O={path:(x:string)=>`/sync/${x}`,syncs:true}, OA={...O,syncs:true}, R={path:(x:string)=>`/${x}`,syncs:false};
try { await measureRoom(s,O,'w',{peers:50,editsPerSecond:4,movesPerSecond:4,measureMs:1500},0); await measureRoom(r,R,'w',{peers:50,editsPerSecond:4,movesPerSecond:4,measureMs:1500},0); await new Promise(q=>setTimeout(q,12000));
for (const [n,x,d] of [['ours',s,O],['relay',r,R]] as any) for (const [i,e] of [0.0001,1,4,20].entries()) { const m=await measureRoom(x,d,'r'+i,{peers:5,editsPerSecond:e,movesPerSecond:0,measureMs:3000},1); console.log(n,e,'edits/s each: cpu ms',(m.serverCpuMicros/1000).toFixed(1),'per edit us',(m.serverCpuMicros/(m.deliveries/4)).toFixed(0), 'per s us', (m.serverCpuMicros/m.wallMs*1000).toFixed(0)); }
} finally { await s.stop(); await r.stop(); await rm(f,{recursive:true,force:true}); } process.exit();
