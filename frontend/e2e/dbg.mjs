import { startApp } from "./support/app.mjs";
import { launchBrowser, openContext, watch, settle } from "./support/browser.mjs";
const app=await startApp();const b=await launchBrowser();const c=await openContext(b);const w=await watch(c,[app.url]);const p=await c.newPage();
p.on("console",m=>console.log("console",m.text().slice(0,300)));p.on("response",r=>{if(r.url().includes("/api"))console.log(r.status(),r.request().method(),r.url())});
await p.goto(app.url);await p.getByRole("button",{name:"Continue on this computer"}).click();await p.waitForTimeout(3000);console.log(p.url(),w.faults);await p.screenshot({path:"/tmp/hq/dbg.png"});
for(const path of ["/portal","/portal/query"]){const p2=await c.newPage();const s=await c.newCDPSession(p2);await s.send("Network.enable");const m=new Map();s.on("Network.responseReceived",({requestId,type,response})=>{if(type==="Script")m.set(requestId,{u:response.url,b:0})});s.on("Network.requestWillBeSent",e=>{if(e.request.url.endsWith(".js"))console.log(e.initiator.type,e.request.url.split("/").pop(),(e.initiator.stack?.callFrames||[]).map(f=>f.functionName).slice(0,3).join("<"))});s.on("Network.loadingFinished",({requestId,encodedDataLength})=>{if(m.has(requestId))m.get(requestId).b=encodedDataLength});
await p2.goto(app.url+path);await settle(p2);console.log(path,[...m.values()].map(x=>x.b+" "+x.u.split("/").pop()).sort((a,b)=>parseInt(b)-parseInt(a)).join("\n"))}
await b.close();await app.stop();
