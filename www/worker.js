// Runs what takes longer than frames do, with the page's own module. The page says first where that
// is, then sends requests, which are texts, and null for "no more of it". Reports are texts, too.
const EVENTS = 5000;
const REPORT_MS = 80;
let engine;
let bench = null;
let busy = false;
let looping = false;

self.onmessage = async ({ data }) => {
  try {
    if (data === null) {
      stop();
    } else if (typeof data === "string") {
      const { WorkerBench } = await engine;
      bench ??= new WorkerBench();
      bench.begin(data);
      busy = true;
      if (!looping) work();
    } else {
      engine = load(data);
      await engine;
    }
  } catch (error) {
    console.warn("The worker cannot work; the page does it itself.", error);
    self.postMessage(null);
  }
};

async function load({ js, wasm }) {
  const module = await import(js);
  await module.default({ module_or_path: wasm });
  return module;
}

function stop() {
  bench?.stop();
  busy = false;
}

// Slices, so that a cancel is heard between two of them.
async function work() {
  looping = true;
  let reported = performance.now();
  while (busy) {
    const more = bench.advance(EVENTS);
    if (!more || performance.now() - reported > REPORT_MS) {
      self.postMessage(bench.report());
      reported = performance.now();
    }
    if (!more) stop();
    await new Promise((resolve) => setTimeout(resolve));
  }
  looping = false;
}
