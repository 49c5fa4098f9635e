// What llama.cpp (in node-llama-cpp) makes of a GGUF file: the ids of a prompt, and the ids that follow it, each the most likely one.
// node llama.mjs <folder of the packages> <prompts.json> <result.json> <count> <file.gguf>...
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { readFileSync, writeFileSync } from 'node:fs';

const [packages, promptsPath, resultPath, count, ...files] = process.argv.slice(2);
const entry = createRequire(`${packages}/`).resolve('node-llama-cpp');
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(entry));
// One thread: several wait for each other in a loop, which takes minutes where the processors are busy.
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: 1 });
const prompts = JSON.parse(readFileSync(promptsPath, 'utf8'));
const result = {};
for (const file of files) {
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({ contextSize: model.trainContextSize, threads: 1 });
  result[file] = [];
  for (const prompt of prompts) {
    const sequence = context.getSequence();
    const ids = model.tokenize(prompt);
    const next = [];
    for await (const id of sequence.evaluate(ids, { temperature: 0, yieldEogToken: true })) {
      next.push(id);
      if (next.length >= Number(count) || model.isEogToken(id))
        break;
    }
    result[file].push({ ids: Array.from(ids), next });
    sequence.dispose();
  }
  await context.dispose();
  await model.dispose();
}
writeFileSync(resultPath, JSON.stringify(result));
process.exit(0);
