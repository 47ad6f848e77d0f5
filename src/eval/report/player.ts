import { html, inlineJson, type Markup, raw } from './markup.ts'
import type { AlignmentFigure } from './report-data.ts'

/** The two clips side by side, a row per follower, with play, pause and a slider; moves without a network and stands still for who asks for less motion. */
export function player(figure: AlignmentFigure, id: string): Markup {
  const phases = figure.a.labels === null ? '' : figure.a.labels === 'pseudo' ? 'Bars: pseudo phases, read off the same joints.' : 'Bars: annotated phases.'
  return html`<figure class="player" data-player="${id}">
  ${figure.followers.map((follower, row) => html`<div class="follower f${row}">
    <div class="follower-title"><b>${follower.title}</b><span data-says="${row}"></span></div>
    <div class="films">
      <div class="film"><canvas data-film="a${row}" width="480" height="480" aria-label="clip A, ${figure.a.id}"></canvas><canvas class="bar" data-bar="a${row}" width="480" height="14"></canvas>
        <span class="caption">A · ${figure.a.id} · frames ${figure.a.start}–${figure.a.end - 1}</span></div>
      <div class="film"><canvas data-film="b${row}" width="480" height="480" aria-label="clip B, ${figure.b.id}, following A"></canvas><canvas class="bar" data-bar="b${row}" width="480" height="14"></canvas>
        <span class="caption">B follows · ${figure.b.id}</span></div>
      <div class="film path"><canvas data-path="${row}" width="480" height="480" aria-label="frame of B for each frame of A"></canvas><span class="bar"></span><span class="caption">frame of A → frame of B</span></div>
    </div>
  </div>`)}
  <div class="controls"><button type="button" data-play aria-label="play or pause">Pause</button><input type="range" data-scrub min="0" max="${figure.a.frames - 1}" value="0" aria-label="frame of A"><output data-frame></output></div>
  <figcaption>${figure.note} ${phases}</figcaption>
  ${inlineJson(`figure-${id}`, figure)}
</figure>`
}

/** The script that moves every player of the page; plain browser JavaScript. */
export const playerScript: Markup = raw(`<script>
'use strict';
for (const root of document.querySelectorAll('[data-player]')) {
  const data = JSON.parse(document.getElementById('figure-' + root.dataset.player).textContent);
  const find = (selector) => root.querySelector(selector);
  const scrub = find('[data-scrub]'), play = find('[data-play]'), says = find('[data-frame]');
  const color = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const side = new Map(data.pairs.flatMap(([right, left]) => [[left, 'l'], [right, 'r']]));
  let frame = 0, playing = !matchMedia('(prefers-reduced-motion: reduce)').matches, last = 0;

  function skeleton(canvas, film, t) {
    const g = canvas.getContext('2d'), scale = canvas.width / film.side, joints = film.joints[t];
    g.clearRect(0, 0, canvas.width, canvas.height);
    g.lineCap = 'round';
    const at = (j) => joints[2 * j] === null ? null : [joints[2 * j] * scale, joints[2 * j + 1] * scale];
    const trail = Math.max(0, t - 6);
    g.globalAlpha = .25; g.lineWidth = 2; g.strokeStyle = color('--ink');
    for (const j of [5, 6]) { g.beginPath(); for (let s = trail; s <= t; s++) { const p = film.joints[s]; if (p[2 * j] !== null) g.lineTo(p[2 * j] * scale, p[2 * j + 1] * scale) } g.stroke() }
    g.globalAlpha = 1; g.lineWidth = 7;
    for (const [a, b] of data.edges) {
      const p = at(a), q = at(b);
      if (!p || !q) continue;
      const where = side.get(a) === side.get(b) ? side.get(a) : side.get(b) && !side.get(a) ? side.get(b) : undefined;
      g.strokeStyle = color(where === 'l' ? '--left' : where === 'r' ? '--right' : '--trunk');
      g.beginPath(); g.moveTo(...p); g.lineTo(...q); g.stroke();
    }
    const head = at(0);
    if (head) { g.fillStyle = color('--trunk'); g.beginPath(); g.arc(head[0], head[1], 15, 0, 7); g.fill() }
  }
  function bar(canvas, film, t) {
    const g = canvas.getContext('2d'), w = canvas.width / film.frames;
    g.clearRect(0, 0, canvas.width, canvas.height);
    for (let s = 0; s < film.frames; s++) {
      const phase = film.phases ? film.phases[s] : 0;
      g.fillStyle = color(film.phases ? '--phase' + (phase % 6) : '--floor');
      g.globalAlpha = .85;
      g.fillRect(s * w, 4, w + .5, 6);
    }
    g.globalAlpha = 1; g.fillStyle = color('--ink');
    g.fillRect((t + .5) * w - 2, 0, 4, canvas.height);
  }
  function path(canvas, frames, t, name) {
    const g = canvas.getContext('2d'), pad = 26, size = canvas.width - 2 * pad;
    const x = (a) => pad + (a / Math.max(1, data.a.frames - 1)) * size, y = (b) => canvas.height - pad - (b / Math.max(1, data.b.frames - 1)) * size;
    g.clearRect(0, 0, canvas.width, canvas.height);
    g.strokeStyle = color('--line'); g.lineWidth = 2; g.strokeRect(pad, pad, size, size);
    g.fillStyle = color(name); g.globalAlpha = .9;
    frames.forEach((b, a) => { g.beginPath(); g.arc(x(a), y(b), 4, 0, 7); g.fill() });
    g.globalAlpha = .35; g.strokeStyle = color(name); g.beginPath(); frames.forEach((b, a) => g.lineTo(x(a), y(b))); g.stroke();
    g.globalAlpha = 1; g.fillStyle = color('--ink'); g.beginPath(); g.arc(x(t), y(frames[t]), 9, 0, 7); g.fill();
  }
  function draw() {
    data.followers.forEach(({ frames }, row) => {
      skeleton(find('[data-film=a' + row + ']'), data.a, frame);
      skeleton(find('[data-film=b' + row + ']'), data.b, frames[frame]);
      bar(find('[data-bar=a' + row + ']'), data.a, frame);
      bar(find('[data-bar=b' + row + ']'), data.b, frames[frame]);
      path(find('[data-path="' + row + '"]'), frames, frame, row === 0 ? '--own' : '--count');
      find('[data-says="' + row + '"]').textContent = 'frame ' + (data.a.start + frame) + ' of A → frame ' + frames[frame] + ' of B';
    });
    scrub.value = frame;
    says.textContent = 'frame ' + (frame + 1) + ' of ' + data.a.frames;
    play.textContent = playing ? 'Pause' : 'Play';
  }
  function tick(now) {
    if (playing && now - last > 90) { last = now; frame = (frame + 1) % data.a.frames; draw() }
    requestAnimationFrame(tick);
  }
  play.addEventListener('click', () => { playing = !playing; draw() });
  scrub.addEventListener('input', () => { playing = false; frame = Number(scrub.value); draw() });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  draw();
  requestAnimationFrame(tick);
}
</script>`)
