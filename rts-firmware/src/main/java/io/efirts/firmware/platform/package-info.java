// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The rest of the machine, as far as the reference firmware touches it: clock and reset.
 *
 * <p>Place in the data path: behind the services, where an embedder plugs in its own devices.
 */
package io.efirts.firmware.platform;
