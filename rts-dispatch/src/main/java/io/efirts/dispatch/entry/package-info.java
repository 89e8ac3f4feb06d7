// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The one place from which firmware is entered.
 *
 * <p>Place in the data path: behind the gate. Whichever path has the gate makes its call through
 * {@link io.efirts.dispatch.entry.FirmwareEntry}:
 *
 * <pre>
 *  gate ENTERED --> FirmwareContext.enter --> Firmware.call --> FirmwareContext.leave --> release
 *                                                `-- throws: disable, then leave, then release
 * </pre>
 */
package io.efirts.dispatch.entry;
