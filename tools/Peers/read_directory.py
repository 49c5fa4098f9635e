"""Reads a Hugging Face directory of GPT-2 by the published formats alone, and computes the ids that follow a prompt in plain Python.

python3 read_directory.py <directory> <prompts.json> <result.json> <count>

safetensors (README of huggingface/safetensors): a length of 8 bytes, that much JSON with the place of each tensor, then the bytes.
tokenizer.json is not read: prompts are lists of ids.
"""
import array, json, math, os, struct, sys


def read_tensors(path):
    with open(path, 'rb') as file:
        header = json.loads(file.read(struct.unpack('<Q', file.read(8))[0]))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == '__metadata__':
            continue
        if entry['dtype'] != 'F32':
            raise SystemExit(f"{name} is stored as {entry['dtype']}; this reader takes F32")
        values = array.array('f')
        values.frombytes(data[entry['data_offsets'][0]:entry['data_offsets'][1]])
        tensors[name.removeprefix('transformer.')] = (entry['shape'], values.tolist())
    return tensors


def rows_of(tensor):
    (rows, columns), values = tensor
    return [values[row * columns:(row + 1) * columns] for row in range(rows)]


class Gpt2:
    """One position after the other; keys and values of those before are kept."""

    def __init__(self, directory):
        with open(os.path.join(directory, 'config.json'), encoding='utf-8') as file:
            self.config = json.load(file)
        if self.config['activation_function'] != 'gelu_new' or not self.config.get('tie_word_embeddings', True):
            raise SystemExit('this reader takes gelu_new and a tied head')
        tensors = read_tensors(os.path.join(directory, 'model.safetensors'))
        # A matrix (in, out) as its columns, so that a product is a sum over one list.
        self.columns = {name: [list(column) for column in zip(*rows_of(tensor))]
                        for name, tensor in tensors.items() if len(tensor[0]) == 2 and name.startswith('h.')}
        self.vectors = {name: tensor[1] for name, tensor in tensors.items() if len(tensor[0]) == 1}
        self.token_rows, self.position_rows = rows_of(tensors['wte.weight']), rows_of(tensors['wpe.weight'])
        self.past = [([], []) for _ in range(self.config['n_layer'])]
        self.count = 0

    def norm(self, x, name):
        mean = sum(x) / len(x)
        scale = 1 / math.sqrt(sum((value - mean) ** 2 for value in x) / len(x) + self.config['layer_norm_epsilon'])
        weight, bias = self.vectors[name + '.weight'], self.vectors[name + '.bias']
        return [(value - mean) * scale * w + b for value, w, b in zip(x, weight, bias)]

    def linear(self, x, name):
        columns, bias = self.columns[name + '.weight'], self.vectors[name + '.bias']
        return [math.sumprod(x, column) + b if hasattr(math, 'sumprod') else sum(map(float.__mul__, x, column)) + b
                for column, b in zip(columns, bias)]

    def attention(self, x, layer):
        channels, heads = self.config['n_embd'], self.config['n_head']
        size = channels // heads
        joined = self.linear(x, f'h.{layer}.attn.c_attn')
        query, keys, values = joined[:channels], *self.past[layer]
        keys.append(joined[channels:2 * channels])
        values.append(joined[2 * channels:])
        out = []
        for start in range(0, channels, size):
            scores = [sum(map(float.__mul__, query[start:start + size], key[start:start + size])) / math.sqrt(size) for key in keys]
            highest = max(scores)
            weights = [math.exp(score - highest) for score in scores]
            total = sum(weights)
            out += [sum(w * value[i] for w, value in zip(weights, values)) / total for i in range(start, start + size)]
        return self.linear(out, f'h.{layer}.attn.c_proj')

    def feed_forward(self, x, layer):
        up = self.linear(x, f'h.{layer}.mlp.c_fc')
        gelu = [0.5 * a * (1 + math.tanh(math.sqrt(2 / math.pi) * (a + 0.044715 * a ** 3))) for a in up]
        return self.linear(gelu, f'h.{layer}.mlp.c_proj')

    def next(self, token):
        """Takes a token and returns the most likely one behind it."""
        x = [a + b for a, b in zip(self.token_rows[token], self.position_rows[self.count])]
        self.count += 1
        for layer in range(self.config['n_layer']):
            x = [a + b for a, b in zip(x, self.attention(self.norm(x, f'h.{layer}.ln_1'), layer))]
            x = [a + b for a, b in zip(x, self.feed_forward(self.norm(x, f'h.{layer}.ln_2'), layer))]
        x = self.norm(x, 'ln_f')
        logits = [sum(map(float.__mul__, x, row)) for row in self.token_rows]
        return max(range(len(logits)), key=logits.__getitem__)


def main(directory, prompts_path, result_path, count):
    with open(prompts_path, encoding='utf-8') as file:
        prompts = json.load(file)
    result = []
    for prompt in prompts:
        model, following = Gpt2(directory), []
        for token in prompt:
            best = model.next(token)
        for _ in range(int(count)):
            following.append(best)
            best = model.next(best)
        result.append(following)
    with open(result_path, 'w', encoding='utf-8') as file:
        json.dump(result, file)


main(*sys.argv[1:])
