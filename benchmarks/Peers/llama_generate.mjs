// llama.cpp through node-llama-cpp: prints the milliseconds of a token after a prompt of 16, the median of 32, and of a prompt of 512.
// Arguments: the GGUF file, the number of threads; node_modules in the current folder.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(createRequire(process.cwd() + '/').resolve('node-llama-cpp')));
const [path, threads] = [process.argv[2], Number(process.argv[3])];
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.disabled });
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({ contextSize: 1024, batchSize: 512, threads });
const sequence = context.getSequence();
const ids = count => Array.from({ length: count }, (_, i) => 1000 + i);
const times = [];
let last = performance.now();
for await (const _ of sequence.evaluate(ids(16), { temperature: 0 })) {
    const now = performance.now();
    times.push(now - last);
    last = now;
    if (times.length === 33) break;
}
const token = times.slice(1).sort((a, b) => a - b)[16];
await sequence.clearHistory();
last = performance.now();
for await (const _ of sequence.evaluate(ids(512), { temperature: 0 })) break;
console.log(`${token} ${performance.now() - last}`);
process.exit(0);
