/** Markup that is safe to insert as it is. */
export type Markup = { readonly html: string }

/** Markup from a template: values are escaped unless they are Markup; lists are joined. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | number | Markup | readonly Markup[])[]): Markup {
  return { html: parts.reduce((text, part, index) => text + (index === 0 ? '' : render(values[index - 1]!)) + part, '') }
}

/** Text that is already markup. */
export function raw(text: string): Markup {
  return { html: text }
}

function render(value: string | number | Markup | readonly Markup[]): string {
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value))
  return 'html' in value ? value.html : value.map((item) => item.html).join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** A value as JSON inside of a script element: nothing in it can end the element. */
export function inlineJson(id: string, value: unknown): Markup {
  return raw(`<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`)
}
