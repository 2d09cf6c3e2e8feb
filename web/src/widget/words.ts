// What the widget says before the portal inside it can speak for itself.

export interface Words {
  label: string
  close: string
  tab: string
  trouble: string
}
const of = (label: string, close: string, tab: string, trouble: string): Words => ({ label, close, tab, trouble })

export const words: Record<string, Words> = {
  'zh-CN': of('退换与售后', '关闭', '在新标签页打开', '这里无法显示售后页面。'),
  'zh-TW': of('退換貨與售後', '關閉', '在新分頁開啟', '這裡無法顯示售後頁面。'),
  en: of('Returns & help', 'Close', 'Open in a new tab', 'The page could not be shown here.'),
  ja: of('返品・サポート', '閉じる', '新しいタブで開く', 'ここではページを表示できません。'),
  ko: of('반품 및 도움말', '닫기', '새 탭에서 열기', '여기에서는 페이지를 표시할 수 없습니다.'),
  es: of('Devoluciones y ayuda', 'Cerrar', 'Abrir en una pestaña nueva', 'No se pudo mostrar la página aquí.'),
  fr: of('Retours et aide', 'Fermer', 'Ouvrir dans un nouvel onglet', 'La page n’a pas pu s’afficher ici.'),
  de: of('Rückgabe & Hilfe', 'Schließen', 'In neuem Tab öffnen', 'Die Seite konnte hier nicht gezeigt werden.'),
  'pt-BR': of('Trocas e devoluções', 'Fechar', 'Abrir em nova guia', 'Não foi possível mostrar a página aqui.'),
  ru: of('Возврат и помощь', 'Закрыть', 'Открыть в новой вкладке', 'Страницу не удалось показать здесь.'),
  ar: of('الإرجاع والمساعدة', 'إغلاق', 'فتح في علامة تبويب جديدة', 'تعذّر عرض الصفحة هنا.'),
}

/** The language of the portal that is nearest to one of these tags; English where none is. */
export function nearest(tags: readonly (string | null | undefined)[]): string {
  for (const tag of tags) {
    const low = (tag || '').toLowerCase()
    if (/^zh\b/.test(low)) return /hant|-tw|-hk|-mo/.test(low) ? 'zh-TW' : 'zh-CN'
    const found = Object.keys(words).find((code) => low && code.split('-')[0] === low.split('-')[0])
    if (found) return found
  }
  return 'en'
}
