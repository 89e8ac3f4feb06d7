// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Whether a dispatcher makes calls at all.
 *
 * <p>Place in the data path: beside it. The mode is part of the gate's word, so that no call slips
 * between a look at the mode and an entry into the firmware.
 */
package io.efirts.dispatch.mode;
