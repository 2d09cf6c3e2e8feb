export interface Choices {
  opens: 'button' | 'own'
  selector: string
  side: 'end' | 'start'
  theme: 'auto' | 'light' | 'dark'
}

const quoted = (text: string) => `"${text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;')}"`

/** The line that a site includes. What is as usual is not said. */
export function snippet(portal: string, { opens, selector, side, theme }: Choices): string {
  const said = [`src=${quoted(`${portal}/widget.js`)}`, 'defer']
  if (opens === 'own') said.push(`data-launcher=${quoted(selector.trim() || '#returns')}`)
  if (side === 'start') said.push('data-side="start"')
  if (theme !== 'auto') said.push(`data-theme="${theme}"`)
  return `<script ${said.join(' ')}></script>`
}

/** What a strict policy of the site has to allow. */
export const policy = (portal: string): string => `script-src ${portal}; frame-src ${portal}`
