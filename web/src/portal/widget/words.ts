import type { Lang } from '@/i18n'

/** Said where a browser refuses cookies inside other sites; few readers see it, so it is not among the texts that all read. */
export const noCookies: Record<Lang, string> = {
  'zh-CN': '这个浏览器在别的网站里不保留登录状态，请到新标签页继续。',
  'zh-TW': '這個瀏覽器在其他網站裡不保留登入狀態，請到新分頁繼續。',
  en: 'This browser keeps no sign-in inside other sites. Go on in a new tab.',
  ja: 'このブラウザーでは、ほかのサイト内でログイン状態を保てません。新しいタブで続けてください。',
  ko: '이 브라우저는 다른 사이트 안에서 로그인 상태를 유지하지 않습니다. 새 탭에서 계속하세요.',
  es: 'Este navegador no conserva la sesión dentro de otros sitios. Continúe en una pestaña nueva.',
  fr: 'Ce navigateur ne conserve pas la connexion dans d’autres sites. Continuez dans un nouvel onglet.',
  de: 'Dieser Browser behält keine Anmeldung innerhalb anderer Seiten. Machen Sie in einem neuen Tab weiter.',
  'pt-BR': 'Este navegador não mantém a sessão dentro de outros sites. Continue em uma nova guia.',
  ru: 'Этот браузер не сохраняет вход внутри других сайтов. Продолжите в новой вкладке.',
  ar: 'هذا المتصفح لا يحتفظ بتسجيل الدخول داخل مواقع أخرى. تابع في علامة تبويب جديدة.',
}

/** Said when a file is saved from inside another site, which some browsers and apps do not allow. */
export const saving: Record<Lang, string> = {
  'zh-CN': '正在保存文件。没有反应？',
  'zh-TW': '正在儲存檔案。沒有反應？',
  en: 'Saving the file. Nothing happens?',
  ja: 'ファイルを保存しています。保存されない場合は',
  ko: '파일을 저장하는 중입니다. 저장되지 않나요?',
  es: 'Guardando el archivo. ¿No pasa nada?',
  fr: 'Enregistrement du fichier. Rien ne se passe ?',
  de: 'Die Datei wird gespeichert. Nichts passiert?',
  'pt-BR': 'Salvando o arquivo. Nada aconteceu?',
  ru: 'Файл сохраняется. Ничего не происходит?',
  ar: 'جارٍ حفظ الملف. لا يحدث شيء؟',
}
