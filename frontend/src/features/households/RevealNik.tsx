// A NIK is masked. Opening it needs a purpose and is logged; it hides itself again after a minute.
import { Button } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Individual } from '~/api/types';
import { FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { PickSelect } from '~/ui/fields';

const SHOWN_FOR = 60_000;

export function RevealNik({ person }: { person: Individual }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [nik, setNik] = useState<string | null>(null);

  useEffect(() => {
    if (!nik) return undefined;
    const timer = setTimeout(() => setNik(null), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [nik]);

  if (!person.nik_masked) return <p className="muted">{t('individual.no_nik')}</p>;
  return (
    <div>
      <div className="nik-line">
        <span className="muted small">{t('individual.nik')}</span>
        <span className="masked strong" data-testid="nik">
          {nik ?? person.nik_masked}
        </span>
        <StatusBadge group="identifier_status" value={person.nik_status} />
        {nik ? (
          <Button variant="subtle" size="sm" onClick={() => setNik(null)}>
            {t('individual.hide')}
          </Button>
        ) : (
          person.can.includes('reveal') && (
            <Button
              variant="subtle"
              size="sm"
              leftSection={<IconEye size={18} aria-hidden="true" />}
              onClick={() => setAsking(true)}
            >
              {t('individual.reveal')}
            </Button>
          )
        )}
      </div>
      {nik && (
        <p className="small muted" role="status">
          {t('individual.revealed_until')}
        </p>
      )}
      {asking && <Ask person={person} close={() => setAsking(false)} show={setNik} />}
    </div>
  );
}

function Ask({
  person,
  close,
  show,
}: {
  person: Individual;
  close: () => void;
  show: (nik: string) => void;
}) {
  const { t } = useTranslation();
  const purposes = useCodes('nik_reveal_purposes');
  const [purpose, setPurpose] = useState('');
  const [missing, setMissing] = useState(false);
  const act = useAct();
  async function submit() {
    if (!purpose) return setMissing(true);
    await act.run(async () => {
      const { data } = await call<{ nik?: string | null }>(`/individuals/${person.id}/reveal`, {
        method: 'POST',
        body: { purpose },
      });
      if (data.nik) show(data.nik);
      close();
    });
    return undefined;
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('individual.reveal_title')}
      submitText={t('individual.reveal')}
      onSubmit={() => void submit()}
      busy={act.busy}
      error={act.error}
    >
      <p>{t('individual.reveal_lead')}</p>
      <PickSelect
        label={t('individual.purpose')}
        required
        value={purpose}
        options={purposes.options}
        onChange={setPurpose}
        error={missing && !purpose ? t('ui.required') : undefined}
      />
    </FormDialog>
  );
}
