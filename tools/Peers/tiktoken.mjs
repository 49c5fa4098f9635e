// The ids that OpenAI's tiktoken (the npm package: its Rust as WebAssembly) gives to texts.
// node tiktoken.mjs <folder of the packages> <texts.json> <ids.json> <encoding>...
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';

const [packages, textsPath, idsPath, ...names] = process.argv.slice(2);
const { get_encoding } = createRequire(`${packages}/`)('tiktoken');
const texts = JSON.parse(readFileSync(textsPath, 'utf8'));
const ids = {};
for (const name of names) {
  const encoding = get_encoding(name);
  ids[name] = texts.map(text => Array.from(encoding.encode_ordinary(text)));
  encoding.free();
}
writeFileSync(idsPath, JSON.stringify(ids));
