import {
  IconAddressBook,
  IconBuildingCommunity,
  IconCoins,
  IconDoorEnter,
  IconFileImport,
  IconHeartHandshake,
  IconHome,
  IconListDetails,
  IconPlugConnected,
  IconUrgent,
  IconUserShield,
} from '@tabler/icons-react';
import type { Place } from '../roles';

export const placeIcons: Record<Place, typeof IconHome> = {
  home: IconHome,
  households: IconAddressBook,
  problems: IconUrgent,
  referrals: IconDoorEnter,
  programs: IconHeartHandshake,
  funding: IconCoins,
  imports: IconFileImport,
  organizations: IconBuildingCommunity,
  accounts: IconUserShield,
  clients: IconPlugConnected,
  codes: IconListDetails,
};

export const placePaths: Record<Place, string> = {
  home: '/',
  households: '/households',
  problems: '/problems',
  referrals: '/referrals',
  programs: '/programs',
  funding: '/funding-sources',
  imports: '/imports',
  organizations: '/organizations',
  accounts: '/accounts',
  clients: '/clients',
  codes: '/code-lists',
};
