const find = id => document.getElementById(id);
const data = JSON.parse(find('data').textContent);
const [tensors, parts, cells, value] = [find('tensor'), find('part'), find('cells'), find('value')];
const svg = document.querySelector('#map svg');
const fontSize = 12, gap = 4, mostCell = 40, leastRow = 16, mostHeight = 640;
let tensor, map, size, height, left, top;

const fill = (select, texts) => {
  select.replaceChildren(...texts.map((text, i) => new Option(text, i)));
  select.parentElement.hidden = texts.length < 2;
};

const colorOf = number => {
  const [low, high] = tensor.scale;
  if (typeof number !== 'number') return data.noNumber;
  const palette = low < 0 && high > 0 ? data.bothSigns : data.oneSign;
  const share = high > low ? Math.min(Math.max((number - low) / (high - low), 0), 1) : 0.5;
  return palette[Math.round(share * (palette.length - 1))];
};

const draw = (name, attributes, text) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, setting] of Object.entries(attributes)) element.setAttribute(key, setting);
  if (text !== undefined) element.textContent = text;
  svg.append(element);
  return element;
};

// A label that is too long for its room ends in an ellipsis.
const measure = document.createElement('canvas').getContext('2d');
const widthOf = text => measure.measureText(text).width;
const fit = (text, room) => {
  if (widthOf(text) <= room) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && widthOf(characters.join('') + '…') > room) characters.pop();
  return characters.join('') + '…';
};

// Labels that would touch their neighbours are left out: every second, third … one stays.
const every = room => Math.ceil((fontSize + 2) / room);

const layOut = () => {
  measure.font = `${fontSize}px ${getComputedStyle(document.body).fontFamily}`;
  const [rows, columns] = [tensor.rowLabels.length, tensor.columnLabels.length];
  const width = find('map').clientWidth;
  const longest = labels => Math.max(...labels.map(widthOf));
  const [rowName, columnName] = [tensor.rowAxis === '' ? '' : `${tensor.rowAxis} ↓`, `${tensor.columnAxis} →`];
  left = Math.max(Math.min(longest(tensor.rowLabels), width * 0.3), widthOf(rowName) + gap) + 2 * gap;
  top = Math.min(longest(tensor.columnLabels), 110) + fontSize + 3 * gap;
  size = Math.min((width - left - 1) / columns, mostCell, Math.max(mostHeight / rows, 2));
  if (size > 2) size = Math.floor(size);
  // A map of few rows and many columns would be too low for the labels of its rows.
  height = rows === columns ? size : Math.max(size, Math.min(leastRow, mostHeight / rows));

  const ratio = window.devicePixelRatio || 1;
  [cells.width, cells.height] = [Math.round(columns * size * ratio), Math.max(1, Math.round(rows * height * ratio))];
  Object.assign(cells.style, { left: `${left}px`, top: `${top}px`, width: `${columns * size}px`, height: `${rows * height}px` });
  const context = cells.getContext('2d');
  map.values.forEach((number, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    const [left, right] = [x, x + 1].map(edge => Math.round(edge * size * ratio));
    const [top, bottom] = [y, y + 1].map(edge => Math.round(edge * height * ratio));
    context.fillStyle = colorOf(number);
    context.fillRect(left, top, right - left, bottom - top);
  });

  svg.replaceChildren();
  svg.setAttribute('width', width);
  svg.setAttribute('height', top + rows * height + fontSize / 2);
  tensor.rowLabels.forEach((label, i) => {
    if (i % every(height) > 0) return;
    draw('text', { x: left - gap, y: top + (i + 0.5) * height + fontSize / 3, 'text-anchor': 'end' }, fit(label, left - 2 * gap));
  });
  tensor.columnLabels.forEach((label, i) => {
    if (i % every(size) > 0) return;
    const [x, y] = [left + (i + 0.5) * size + fontSize / 3, top - gap];
    draw('text', { x, y, transform: `rotate(-90 ${x} ${y})` }, fit(label, top - fontSize - 3 * gap));
  });
  draw('text', { x: left, y: fontSize }, columnName);
  draw('text', { x: left - 2 * gap, y: top - fontSize / 2 - gap, 'text-anchor': 'end' }, rowName);
  draw('rect', { id: 'cell', width: size, height, visibility: 'hidden' });
};

// The words are those of HeatMapContent.ValueAt.
const place = (axis, cell, block, count, label) => {
  const [first, last] = [cell * block, Math.min((cell + 1) * block, count) - 1];
  const places = first === last ? `${first}` : `${first}–${last}`;
  return label === `${first}` ? `${axis} ${places}` : `${axis} ${places} '${label}'`;
};

let [row, column] = [0, 0];
const show = (newRow, newColumn) => {
  row = Math.min(Math.max(newRow, 0), tensor.rowLabels.length - 1);
  column = Math.min(Math.max(newColumn, 0), tensor.columnLabels.length - 1);
  const rowPlace = place(tensor.rowAxis, row, tensor.block[0], tensor.sizes[0], tensor.rowLabels[row]);
  const columnPlace = place(tensor.columnAxis, column, tensor.block[1], tensor.sizes[1], tensor.columnLabels[column]);
  const number = map.values[row * tensor.columnLabels.length + column];
  value.textContent = `${tensor.rowAxis === '' ? '' : `${rowPlace}, `}${columnPlace}: ${number}`;
  const frame = find('cell');
  for (const [key, setting] of Object.entries({ x: left + column * size, y: top + row * height, visibility: 'visible' }))
    frame.setAttribute(key, setting);
};

const showPointer = event => show(Math.floor(event.offsetY / height), Math.floor(event.offsetX / size));
cells.addEventListener('pointermove', showPointer);
cells.addEventListener('pointerdown', showPointer);
cells.addEventListener('keydown', event => {
  const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (!move) return;
  event.preventDefault();
  show(row + move[0], column + move[1]);
});

const showPart = () => {
  map = tensor.maps[parts.value];
  value.textContent = '';
  layOut();
};

// The same head stays chosen from layer to layer, where the next tensor has it.
const showTensor = () => {
  tensor = data.tensors[tensors.value];
  const chosen = Math.min(parts.value || 0, tensor.maps.length - 1);
  fill(parts, tensor.maps.map(item => item.place));
  parts.value = chosen;
  find('part-name').textContent = tensor.part[0].toUpperCase() + tensor.part.slice(1);
  [find('low').textContent, find('high').textContent] = tensor.scale;
  const ramp = find('ramp').getContext('2d');
  const [low, high] = tensor.scale;
  for (let i = 0; i < 256; i++) {
    ramp.fillStyle = colorOf(low + (high - low) * i / 255);
    ramp.fillRect(i, 0, 1, 1);
  }
  const [rows, columns] = tensor.block;
  find('note').textContent = tensor.name + (rows * columns > 1 ? `: each cell is the mean of ${rows} × ${columns} values.` : '');
  showPart();
};

find('tensor-name').textContent = data.choice;
fill(tensors, data.tensors.map(item => item.option));
tensors.addEventListener('change', showTensor);
parts.addEventListener('change', showPart);
window.addEventListener('resize', layOut);
showTensor();
