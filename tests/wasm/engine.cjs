// Runs the engine's wasm module under Node.
//   node engine.cjs ENGINE trace FILE…      the traces of scripts and recordings, one after the other
//   node engine.cjs ENGINE rollout N TIMES  CPU time of rollouts of N replicas
//   node engine.cjs ENGINE probed N TIMES   the same with pods that have a readiness probe
//   node engine.cjs ENGINE forecast N TAG   CPU time of forecasts of a new image of N replicas
//   node engine.cjs ENGINE seek N           CPU time of seeks in ten minutes of N replicas
"use strict";
const fs = require("fs");
const [, , enginePath, command, ...rest] = process.argv;
const engine = require(enginePath);

// The main thread's CPU time where the system tells it (Linux): what V8's compilers and collectors
// do on other threads meanwhile is not the engine's work.
const threadMs = () => {
  try {
    const text = fs.readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8");
    return Number(text.split(" ")[0]) / 1e6;
  } catch {
    const used = process.cpuUsage();
    return (used.user + used.system) / 1000;
  }
};
const cpuMs = (work) => {
  const before = threadMs();
  work();
  return threadMs() - before;
};

if (command === "trace") {
  for (const file of rest) {
    const text = fs.readFileSync(file, "utf8");
    const trace = file.endsWith(".trace") ? engine.recording(text) : engine.script(text);
    process.stdout.write(`=== ${file}\n${trace}`);
  }
} else if (command === "rollout" || command === "probed") {
  const [replicas, times] = rest.map(Number);
  const rollout = command === "rollout" ? engine.rollout : engine.probed_rollout;
  let events = 0;
  // At first V8 interprets its quick translation and compiles properly what is used most: a page
  // has done that by the time anybody looks. Where others use the processor too, that takes longer.
  const warm = threadMs();
  while (threadMs() - warm < 2000) rollout(100, 1);
  const total = cpuMs(() => {
    for (let run = 0; run < times; run++) events = rollout(replicas, run + 1);
  });
  console.log(`cpu_ms ${(total / times).toFixed(3)}`);
  console.log(`events ${events}`);
  console.log(`memory_mb ${(engine.memory_bytes() / 1e6).toFixed(1)}`);
  console.log(`resident_mb ${(process.resourceUsage().maxRSS / 1e3).toFixed(1)}`);
} else if (command === "forecast") {
  const forecasts = new engine.Forecasts(Number(rest[0]), rest[1]);
  const warm = performance.now();
  while (performance.now() - warm < 1000) forecasts.ask();
  const times = 20;
  const total = cpuMs(() => {
    for (let run = 0; run < times; run++) forecasts.ask();
  });
  console.log(`cpu_ms ${(total / times).toFixed(3)}`);
} else if (command === "seek") {
  const seeks = new engine.Seeks(Number(rest[0]));
  const times = [];
  for (let number = 0; number < 600; number++) {
    const start = performance.now();
    seeks.seek(number);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`median_ms ${times[300].toFixed(3)}`);
  console.log(`max_ms ${times[599].toFixed(3)}`);
  console.log(`p99_ms ${times[593].toFixed(3)}`);
} else {
  console.error(`unknown command ${command}`);
  process.exit(2);
}
