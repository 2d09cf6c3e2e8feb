/** The accent that shops start with, in light and dark. */
const standard = ['#3f51d6', '#5363e8'] as const

/** The style of button and panel. It lives in a shadow tree: nothing of the site's gets in, nothing gets out. */
export const style = ([light, dark]: readonly [string, string] = standard): string => `
:host{all:initial;position:fixed;color-scheme:light;--a:${light};--s:#fff;--i:#151a24;--m:#626b7c}
:host(.dark){--a:${dark};--s:#141922;--i:#eceff4;--m:#959fb1;color-scheme:dark}
*{box-sizing:border-box;font:500 15px/1.4 system-ui,-apple-system,"PingFang SC","Microsoft YaHei",sans-serif}
[hidden]{display:none!important}
button,a{cursor:pointer;border:0;text-decoration:none}
:focus-visible{outline:3px solid var(--a);outline-offset:2px}
.b{position:fixed;z-index:2147483000;inset-block-end:calc(20px + env(safe-area-inset-bottom));inset-inline-end:20px;display:flex;align-items:center;gap:8px;min-height:48px;max-width:calc(100vw - 40px);padding:8px 18px;border-radius:24px;background:var(--a);color:#fff;box-shadow:0 4px 16px rgb(0 0 0/.24)}
:host(.start) .b{inset-inline:20px auto}
.b:focus-visible{outline-color:var(--i)}
svg{width:22px;height:22px;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
dialog{position:fixed;inset-block:auto 20px;inset-inline:auto 20px;margin:0;padding:0;border:0;width:420px;max-width:calc(100vw - 40px);height:min(var(--h,640px),100vh - 40px);max-height:none;overflow:hidden;border-radius:16px;background:var(--s);color:var(--i);box-shadow:0 12px 48px rgb(0 0 0/.32);outline:0}
:host(.start) dialog{inset-inline:20px auto}
dialog[open]{animation:u .2s ease-out}
dialog::backdrop{background:rgb(10 14 22/.4)}
iframe{display:block;width:100%;height:100%;border:0;background:var(--s)}
.w{position:absolute;inset:0;display:grid;place-content:center;justify-items:center;gap:16px;padding:24px;text-align:center;background:var(--s)}
.x{position:absolute;inset-block-start:6px;inset-inline-end:6px;display:grid;place-items:center;width:44px;height:44px;border-radius:12px;background:none;color:var(--m)}
.o{width:28px;height:28px;border:3px solid var(--m);border-inline-start-color:transparent;border-radius:50%;animation:r 1s linear infinite}
.t{margin:0}
.l{padding:10px 18px;border-radius:12px;background:var(--a);color:#fff}
@media(max-width:640px){dialog,:host(.start) dialog{inset:auto 0 0;width:100%;max-width:100%;height:92vh;height:92dvh;border-radius:16px 16px 0 0}}
@media(prefers-reduced-motion:reduce){dialog[open]{animation:none}.o{animation-duration:4s}}
@media print{.b,dialog{display:none}}
@keyframes u{from{transform:translateY(24px);opacity:0}}
@keyframes r{to{transform:rotate(1turn)}}
`
