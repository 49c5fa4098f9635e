// Shows the text of the area under the pointer, which is the area's own title.
const value = document.getElementById('value');
const show = event => {
  const title = event.target.closest('.hover')?.querySelector('title');
  if (title) value.textContent = title.textContent;
};
for (const svg of document.querySelectorAll('svg')) {
  svg.addEventListener('pointermove', show);
  svg.addEventListener('pointerdown', show);
}
