// What the closed assistant says; all that a page needs before a reader opens it.
import type { Language } from './language.ts';

/** Labels of the button. */
export interface LauncherLabels {
  open: string;
  opening: string;
  failed: string;
}

/** Labels by language. */
export const launcherLabels: Readonly<Record<Language, LauncherLabels>> = {
  en: { open: 'Ask this page', opening: 'Opening…', failed: 'This could not be loaded. Check the connection, then try again.' },
  zh: { open: '向本页提问', opening: '正在打开…', failed: '加载失败。请检查网络连接，然后重试。' },
  de: {
    open: 'Diese Seite fragen',
    opening: 'Wird geöffnet…',
    failed: 'Das konnte nicht geladen werden. Bitte die Verbindung prüfen und noch einmal versuchen.',
  },
  ar: { open: 'اسأل هذه الصفحة', opening: 'جارٍ الفتح…', failed: 'تعذّر التحميل. تحقّق من الاتصال ثم أعد المحاولة.' },
};
