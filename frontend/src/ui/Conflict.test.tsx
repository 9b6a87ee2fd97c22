import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import words from '~/i18n/id';
import { ConflictDialog, changed, contested } from './Conflict';

beforeAll(() =>
  i18next
    .use(initReactI18next)
    .init({ lng: 'id', resources: { id: { translation: words } } })
    .then(() => undefined),
);

const base = { street: 'Jl. A', rt: '001', note: '' };

describe('two writers', () => {
  it('sends only what the writer changed', () => {
    expect(changed(base, { ...base, street: 'Jl. B' })).toEqual(['street']);
  });

  it('asks only about fields that now differ', () => {
    const mine = { ...base, street: 'Jl. B', rt: '002' };
    expect(contested(base, mine, { ...base, street: 'Jl. C', rt: '002' })).toEqual(['street']);
  });

  it('lets the second writer decide field by field', async () => {
    const keep = vi.fn();
    render(
      <MantineProvider>
        <ConflictDialog
          fields={[{ key: 'street', label: 'Alamat', show: String }]}
          base={base}
          mine={{ ...base, street: 'Jl. B' }}
          theirs={{ ...base, street: 'Jl. C' }}
          busy={false}
          error={null}
          onKeep={keep}
          onDiscard={() => undefined}
        />
      </MantineProvider>,
    );
    expect(screen.getByText('Jl. B')).toBeTruthy();
    expect(screen.getByText('Jl. C')).toBeTruthy();
    const save = screen.getByRole('button', { name: words.conflict.keep });
    expect(save).toHaveProperty('disabled', true);
    await userEvent.click(screen.getByRole('radio', { name: words.conflict.mine }));
    await userEvent.click(save);
    expect(keep).toHaveBeenCalledWith({ street: 'Jl. B' });
  });
});
