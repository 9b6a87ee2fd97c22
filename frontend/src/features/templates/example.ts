// A letter of nobody, made of a text as it stands on the screen; nothing is kept.
import { useTranslation } from 'react-i18next';
import { rawCall, saveBlob } from '~/api/http';
import { useAct } from '~/ui/act';

interface Text {
  service_code: string;
  title: string;
  body: string;
}

export function useExample() {
  const { t } = useTranslation();
  const act = useAct();
  return {
    busy: act.busy,
    error: act.error,
    clear: act.clear,
    make: ({ service_code, title, body }: Text) =>
      act.run(async () => {
        const answer = await rawCall('/letter-templates/preview', {
          method: 'POST',
          body: { service_code, title, body },
          accept: '*/*',
        });
        saveBlob(await answer.blob(), 'contoh.pdf');
      }, t('templates.preview_done')),
  };
}
