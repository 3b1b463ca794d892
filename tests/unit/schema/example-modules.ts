import { defineAction } from '@sallyport/schema/vocabulary/define-action.ts';
import { defineEvent } from '@sallyport/schema/vocabulary/define-event.ts';
import { defineModule } from '@sallyport/schema/vocabulary/define-module.ts';
import { defineResource } from '@sallyport/schema/vocabulary/define-resource.ts';
import { definePermission } from '@sallyport/schema/vocabulary/permission.ts';

const label = { en: 'Label', id: 'Label' };

export const readShops = definePermission('shop.shop.read', { effect: 'read', reach: 'tenant', tier: 'routine', label });
export const readOrders = definePermission('shop.order.read', { effect: 'read', reach: 'tenant', tier: 'routine', label });
export const readBuyers = definePermission('shop.order.read-buyer', { effect: 'read', reach: 'tenant', tier: 'privileged', label });
export const cancelOrders = definePermission('shop.order.cancel', { effect: 'write', reach: 'tenant', tier: 'privileged', label });

export const shop = defineResource({
  name: 'shop',
  plural: 'shops',
  label,
  labelPlural: label,
  description: label,
  table: { schema: 'public', name: 'shop' },
  key: { column: 'id', type: 'integer' },
  tenant: { self: true },
  read: readShops,
  title: 'name',
  defaultSort: { field: 'name', direction: 'asc' },
  fields: { name: { type: 'text', access: readShops, class: 'internal', label, sort: true, filter: true, search: true } },
  relations: { orders: { kind: 'many', resource: 'order', column: 'shop_id', label } },
});

export const orderOptions = {
  name: 'order',
  plural: 'orders',
  label,
  labelPlural: label,
  description: label,
  table: { schema: 'public', name: 'order' },
  key: { column: 'id', type: 'integer' },
  tenant: { column: 'shop_id' },
  read: readOrders,
  title: 'number',
  state: 'status',
  defaultSort: { field: 'number', direction: 'desc' },
  version: { column: 'xmin' },
  fields: {
    number: { type: 'text', access: readOrders, class: 'internal', label, sort: true, filter: true, search: true },
    status: { type: 'enum', access: readOrders, class: 'internal', label, filter: true, values: { open: { label }, cancelled: { label } } },
    buyer: { type: 'text', access: readBuyers, class: 'personal', label, sort: true, filter: true, search: true },
  },
  relations: { shop: { kind: 'one', resource: 'shop', column: 'shop_id', label } },
} as const;

export const order = defineResource(orderOptions);

export const orderCancelled = defineEvent('shop.order.cancelled', { label, description: label });

export const cancelOrder = defineAction({
  name: 'cancelOrder',
  on: order,
  permission: cancelOrders,
  label,
  description: label,
  confirm: label,
  done: label,
  sensitive: 'never',
  justification: 'reason',
  allowedIn: { field: 'status', values: ['open'], otherwise: label },
  input: { note: { type: 'text', maxLength: 20, label, optional: true } },
  event: orderCancelled,
  run: () => Promise.resolve({}),
});

/** A small product for tests of the vocabulary itself. */
export const shopModule = defineModule({
  name: 'shop',
  label,
  description: label,
  icon: 'Store',
  permissions: [readShops, readOrders, readBuyers, cancelOrders],
  resources: [shop, order],
  actions: [cancelOrder],
  events: [orderCancelled],
  roles: { 'support-viewer': [readShops, readOrders], 'billing-operator': [readShops, readOrders, readBuyers, cancelOrders] },
});
