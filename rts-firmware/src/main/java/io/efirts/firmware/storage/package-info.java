// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The bytes behind a variable store.
 *
 * <p>Place in the data path: the last step. {@link io.efirts.firmware.store.VariableStore} changes
 * records through {@link io.efirts.api.spi.NvStorage}; here that is a mapped file or plain memory.
 */
package io.efirts.firmware.storage;
