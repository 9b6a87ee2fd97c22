import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import type { Address, HouseholdDetail } from '~/api/types';
import { word } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { Card, Facts } from '~/ui/page';
import { Empty } from '~/ui/states';
import { CodeName } from './FactList';

export function Housing({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation();
  const known = Object.entries(household.housing).filter(
    ([, value]) => value !== null && value !== '',
  );
  return (
    <div className="stack">
      <Card>
        <Facts
          items={[
            [t('household.domicile'), <Place key="d" address={household.domicile} />],
            [t('household.registered'), <Place key="r" address={household.registered_address} />],
            [t('household.declared'), household.declared_members],
            household.note ? [t('household.note'), household.note] : null,
          ]}
        />
      </Card>
      {known.length === 0 ? (
        <div className="card">
          <Empty title={t('household.no_housing')} why={t('household.no_housing_why')} />
        </div>
      ) : (
        <Card title={t('household.tabs.housing')}>
          <Facts
            items={known.map(([key, value]) => [
              word('housing', key),
              typeof value === 'number' ? (
                key === 'floor_area' || key === 'floor_area_m2' ? (
                  t('household.floor_area_value', { n: formatNumber(value) })
                ) : (
                  formatNumber(value)
                )
              ) : (
                <CodeName key={key} slug={key} code={String(value)} />
              ),
            ])}
          />
        </Card>
      )}
    </div>
  );
}

function Place({ address }: { address: Address | undefined }) {
  const regions = useRegions();
  if (!address) return '–';
  const parts = [
    address.street,
    address.rt && `RT ${address.rt}`,
    address.rw && `RW ${address.rw}`,
    regions.full(address.region_code),
  ].filter(Boolean);
  return parts.join(', ') || '–';
}
