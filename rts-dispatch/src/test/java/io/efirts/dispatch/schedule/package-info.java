// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Many random schedules of one dispatcher, each of which ends in one of the ways a call can end,
 * and the checks that must hold after every one of them.
 *
 * <p>Place in the data path: around all of it. Calls carry a number of their own ({@link
 * io.efirts.dispatch.schedule.TaggedCall}), firmware notes which numbers reached it ({@link
 * io.efirts.dispatch.schedule.TaggedFirmware}), so what a result says about the entry can be held
 * against the entry itself.
 */
package io.efirts.dispatch.schedule;
