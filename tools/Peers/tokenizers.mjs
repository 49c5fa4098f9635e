// The ids that Hugging Face's tokenizers give to texts, special tokens in them included, from each tokenizer.json.
// node tokenizers.mjs <folder of the packages> <texts.json> <ids.json> <tokenizer.json>...
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';

const [packages, textsPath, idsPath, ...files] = process.argv.slice(2);
const { Tokenizer } = createRequire(`${packages}/`)('tokenizers');
const texts = JSON.parse(readFileSync(textsPath, 'utf8'));
const ids = {};
for (const file of files) {
  const tokenizer = Tokenizer.fromFile(file);
  ids[file] = [];
  for (const text of texts)
    ids[file].push((await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds());
}
writeFileSync(idsPath, JSON.stringify(ids));
