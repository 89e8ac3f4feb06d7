// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * How firmware is brought from physical to virtual addresses: once, before the first call.
 *
 * <p>Place in the data path: in front of it. Whoever makes a firmware instance ({@link
 * io.efirts.api.spi.FirmwareFactory}) lets {@link io.efirts.dispatch.virtualmode.VirtualModeSwitch}
 * call SetVirtualAddressMap, and gives the dispatcher the instance that comes of it. So no runtime
 * service can be under way meanwhile, and a new instance is switched like the first one.
 */
package io.efirts.dispatch.virtualmode;
