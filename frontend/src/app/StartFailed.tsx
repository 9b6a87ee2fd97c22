import { useTranslation } from 'react-i18next';
import './sign-in.css';

export function StartFailed({ crashed = false }: { crashed?: boolean }) {
  const { t } = useTranslation();
  return (
    <main className="plain-page" role="alert">
      <h1>{t(crashed ? 'app.crashed_title' : 'app.failed_title')}</h1>
      <p>{t(crashed ? 'app.crashed_detail' : 'app.failed_detail')}</p>
      <button type="button" className="plain-button" onClick={() => window.location.reload()}>
        {t('app.reload')}
      </button>
    </main>
  );
}
