import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { AccountView, Grant } from '~/api/types';
import { useAccount } from '~/app/account';
import { type Account, updateAccount } from '~/app/session';
import { useAct } from '~/ui/act';
import { Card, Page } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { Notice, ProblemNotice } from '~/ui/states';
import { GrantLine } from './GrantLine';

export default function OwnAccount() {
  const { t } = useTranslation();
  const account = useAccount();
  const grants = (account.grants ?? []) as unknown as Grant[];
  return (
    <Page title={t('own.title')} lead={account.display_name || account.username}>
      <div className="stack" style={{ maxWidth: 640 }}>
        {grants.length > 0 && (
          <Card title={t('own.roles')}>
            {grants.map((grant) => (
              <GrantLine
                key={`${grant.role}${grant.scope_kind}${grant.scope_ref}`}
                grant={{ ...grant, duties: grant.duties ?? [] }}
              />
            ))}
          </Card>
        )}
        <Password />
        <Totp account={account} />
      </div>
    </Page>
  );
}

function Password() {
  const { t } = useTranslation();
  const act = useAct();
  const toggle = { 'aria-label': t('sign_in.show_password') };
  const form = useForm({
    initialValues: { current_password: '', new_password: '', repeat: '' },
    validate: {
      current_password: (value) => (value ? null : t('ui.required')),
      new_password: (value) => (value.length >= 12 ? null : t('own.too_short')),
      repeat: (value, all) => (value === all.new_password ? null : t('own.not_same')),
    },
  });
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (form.validate().hasErrors) return;
    const { repeat: _repeat, ...body } = form.getValues();
    const ok = await act.run(async () => {
      try {
        await call('/auth/password', { method: 'POST', body });
      } catch (error) {
        form.setErrors(fieldErrors(error));
        throw error;
      }
    }, t('own.changed'));
    if (ok) {
      form.reset();
      updateAccount((await call<AccountView>('/auth/me')).data as never);
    }
  }
  return (
    <Card title={t('own.password_title')}>
      <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
        <ProblemNotice error={act.error} />
        <PasswordInput
          label={t('own.current')}
          required
          autoComplete="current-password"
          visibilityToggleButtonProps={toggle}
          {...form.getInputProps('current_password')}
        />
        <PasswordInput
          label={t('own.next')}
          description={t('own.next_hint')}
          required
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          {...form.getInputProps('new_password')}
        />
        <PasswordInput
          label={t('own.repeat')}
          required
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          {...form.getInputProps('repeat')}
        />
        <div>
          <Button type="submit" loading={act.busy}>
            {t('own.change')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

interface Enrolment {
  secret: string;
  otpauth_url?: string;
}

function Totp({ account }: { account: Account }) {
  const { t } = useTranslation();
  const act = useAct();
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const on = account.totp_enabled === true;
  const reload = async () => updateAccount((await call<AccountView>('/auth/me')).data as never);
  const start = () =>
    void act.run(async () =>
      setEnrolment((await call<Enrolment>('/auth/totp', { method: 'POST' })).data),
    );
  const confirm = () =>
    void act.run(async () => {
      await call('/auth/totp/confirm', { method: 'POST', body: { code: code.replace(/\s/g, '') } });
      setEnrolment(null);
      setCode('');
      await reload();
    }, t('own.totp_done'));
  const stop = () =>
    void act.run(async () => {
      await call('/auth/totp', { method: 'DELETE', body: { password } });
      setPassword('');
      await reload();
    }, t('own.totp_stopped'));
  return (
    <Card title={t('own.totp_title')}>
      <ProblemNotice error={act.error} />
      <p>{t(on ? 'own.totp_on' : 'own.totp_off')}</p>
      {enrolment && (
        <Notice title={t('own.totp_secret')}>
          <p className="sp-mono wrap-any" data-testid="totp-secret">
            {enrolment.secret}
          </p>
          {enrolment.otpauth_url && <a href={enrolment.otpauth_url}>{t('own.totp_open')}</a>}
        </Notice>
      )}
      {on && (
        <PasswordInput
          label={t('own.current')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('sign_in.show_password') }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      )}
      {enrolment && (
        <TextInput
          label={t('own.totp_code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      )}
      <div className="row">
        {!on && !enrolment && (
          <Button loading={act.busy} onClick={start}>
            {t('own.totp_start')}
          </Button>
        )}
        {enrolment && (
          <Button loading={act.busy} disabled={code.length < 6} onClick={confirm}>
            {t('own.totp_confirm')}
          </Button>
        )}
        {on && (
          <Button
            variant="default"
            color="red"
            loading={act.busy}
            disabled={!password}
            onClick={stop}
          >
            {t('own.totp_stop')}
          </Button>
        )}
      </div>
    </Card>
  );
}
