import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import i18next from 'i18next';
import { useState } from 'react';
import { initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '~/api/problem';
import words from '~/i18n/id';
import base from '~/i18n/id/base';
import entry from '~/i18n/id/entry';
import { confirmDistinct, namedBy, together } from './distinct';
import LikelyPeople from './LikelyPeople';
import type { Distinct, LikelyPerson } from './types';

const person = (fields: Partial<LikelyPerson> = {}): LikelyPerson => ({
  pointer: '',
  id: 'a',
  household_id: 'h',
  name: 'Yeti Sumiyati',
  nik_masked: '327301******0004',
  sex: 'female',
  birth_date: '1961-03-17',
  birth_date_precision: 'day',
  mother_name: 'Siti',
  life_status: 'alive',
  region_code: '32.73.01.1001',
  street: 'Jl. Mawar 3',
  rt: '001',
  rw: '002',
  probability: 0.97,
  band: 'likely',
  same_nik: false,
  comparisons: [
    { field: 'name', agreement: 'similar' },
    { field: 'birth_date', agreement: 'same' },
    { field: 'mother_name', agreement: 'different' },
  ],
  ...fields,
});

beforeAll(() =>
  i18next
    .use(initReactI18next)
    .init({ lng: 'id', resources: { id: { translation: { ...base, ...words, ...entry } } } })
    .then(() => undefined),
);

function Form({ people, onSame }: { people: LikelyPerson[]; onSame: (one: LikelyPerson) => void }) {
  const [distinct, setDistinct] = useState<Distinct>({});
  const [asks, setAsks] = useState(false);
  const client = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  return (
    <MantineProvider>
      <QueryClientProvider client={client}>
        <button type="button" onClick={() => setAsks(true)}>
          simpan
        </button>
        <LikelyPeople
          people={people}
          entered={{ name: 'Yetti Sumiyati', birth_date: '1961-03-17', mother_name: 'Aminah' }}
          distinct={distinct}
          onDistinct={setDistinct}
          onSame={onSame}
          sameText="Ini orangnya"
          asks={asks}
        />
        <output>{JSON.stringify(confirmDistinct(distinct))}</output>
      </QueryClientProvider>
    </MantineProvider>
  );
}

const told = () => JSON.parse(document.querySelector('output')?.textContent ?? '') as unknown;

describe('people who look alike', () => {
  it('stand beside what was typed, with what differs marked', () => {
    const { container } = render(<Form people={[person()]} onSame={vi.fn()} />);
    expect(screen.getAllByRole('status')[0]?.textContent).toContain('1 orang');
    expect(screen.getByRole('article', { name: 'Yeti Sumiyati' })).toBeTruthy();
    expect(screen.getByText('berbeda')).toBeTruthy();
    // Only the letter too many is marked, and the mothers as a whole.
    expect([...container.querySelectorAll('mark')].map((mark) => mark.textContent)).toContain('t');
    // A number nobody compared is not shown, masked or not.
    expect(screen.queryByText('327301******0004')).toBeNull();
  });

  it('are told apart with a reason, by the keyboard alone', async () => {
    const user = userEvent.setup();
    render(<Form people={[person()]} onSame={vi.fn()} />);
    screen.getByRole('button', { name: /^Orang lain/ }).focus();
    await user.keyboard('{Enter}');
    const reason = screen.getByLabelText(/Mengapa bukan/);
    expect(document.activeElement).toBe(reason);
    // No reason is no decision.
    await user.keyboard('{Enter}');
    expect(told()).toEqual({});
    await user.keyboard('Ibunya lain{Enter}');
    expect(told()).toEqual({ confirm_distinct: { ids: ['a'], reason: 'Ibunya lain' } });
    expect(screen.getByText(/orang lain \(Ibunya lain\)/)).toBeTruthy();
    // And it can be taken back.
    await user.click(screen.getByRole('button', { name: /^Ubah/ }));
    expect(told()).toEqual({});
  });

  it('are the same person by one press', async () => {
    const same = vi.fn();
    render(<Form people={[person()]} onSame={same} />);
    await userEvent.click(screen.getByRole('button', { name: /^Ini orangnya/ }));
    expect(same).toHaveBeenCalledWith(expect.objectContaining({ id: 'a', household_id: 'h' }));
  });

  it('take the keyboard when the service asks for a decision', async () => {
    render(<Form people={[person()]} onSame={vi.fn()} />);
    await userEvent.click(screen.getByRole('button', { name: 'simpan' }));
    expect(document.activeElement?.tagName).toBe('H3');
    expect(screen.getByText(/Belum disimpan/)).toBeTruthy();
  });
});

describe('what the service names', () => {
  const refusal = new ApiProblem(409, {
    code: 'likely_duplicate',
    ...{ candidates: [person({ pointer: '/members/1' }), person({ id: 'b', probability: 0.99 })] },
  });
  it('is read by the person of the request', () => {
    expect(namedBy(refusal, '/members/1').map((one) => one.id)).toEqual(['a']);
    expect(namedBy(new ApiProblem(409, { code: 'stale' }))).toEqual([]);
  });
  it('joins what was found while typing, the likeliest first', () => {
    expect(together([person()], namedBy(refusal)).map((one) => one.id)).toEqual(['b', 'a']);
  });
  it('takes one reason for several people', () => {
    expect(confirmDistinct({ a: 'Ibu lain', b: 'Ibu lain', c: 'KK lain' })).toEqual({
      confirm_distinct: { ids: ['a', 'b', 'c'], reason: 'Ibu lain; KK lain' },
    });
  });
});
