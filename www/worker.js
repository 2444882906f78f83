// Runs what takes longer than frames do, with the page's own module. The page says first where that
// is, then sends requests, which are texts, and null for "no more of it". Reports are texts, too.
const EVENTS = 5000;
const REPORT_MS = 80;
let engine;
let job = null;
let looping = false;

self.onmessage = async ({ data }) => {
  try {
    if (data === null) {
      stop();
    } else if (typeof data === "string") {
      stop();
      const { WorkerJob } = await engine;
      job = new WorkerJob(data);
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
  job?.free();
  job = null;
}

// Slices, so that a cancel is heard between two of them.
async function work() {
  looping = true;
  let reported = performance.now();
  while (job) {
    const more = job.advance(EVENTS);
    if (!more || performance.now() - reported > REPORT_MS) {
      self.postMessage(job.report());
      reported = performance.now();
    }
    if (!more) stop();
    await new Promise((resolve) => setTimeout(resolve));
  }
  looping = false;
}
