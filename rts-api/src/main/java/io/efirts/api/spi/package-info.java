// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What an embedder implements: the firmware, the machine it runs on, and its storage.
 *
 * <p>Place in the data path: the far end. The dispatcher takes a {@link
 * io.efirts.api.spi.FirmwareInstance} from a {@link io.efirts.api.spi.FirmwareFactory}; around
 * every call it enters the {@link io.efirts.api.spi.FirmwareContext}, calls {@link
 * io.efirts.api.spi.Firmware}, and leaves the context again.
 *
 * <p>Callers of runtime services never need this package.
 */
package io.efirts.api.spi;
