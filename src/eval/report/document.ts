import { html, type Markup, raw } from './markup.ts'
import { playerScript } from './player.ts'
import { style } from './style.ts'

/** A page that is one file and needs no network; players on it move. */
export function document(title: string, body: Markup): string {
  return html`${raw('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${raw(style)}</style></head>
<body><main>
${body}
</main>${playerScript}</body></html>
`.html
}
