import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { word } from '~/i18n';
import { Loading, ProblemNotice } from '~/ui/states';
import { useScopes } from './scopes';

interface Props {
  value?: string[];
  onChange: (value: string[]) => void;
  error?: ReactNode;
}

export function ScopeChoice({ value = [], onChange, error }: Props) {
  const { t } = useTranslation();
  const scopes = useScopes();
  if (scopes.isPending) return <Loading lines={3} />;
  return (
    <Checkbox.Group label={t('clients.scopes')} value={value} onChange={onChange} error={error}>
      <ProblemNotice error={scopes.error} />
      <div className="check-grid">
        {(scopes.data ?? []).map((scope) => {
          const [what = '', how = ''] = scope.split(':');
          return (
            <Checkbox
              key={scope}
              value={scope}
              label={`${word('scope_of', what)}: ${word('scope_verb', how)}`}
            />
          );
        })}
      </div>
    </Checkbox.Group>
  );
}
