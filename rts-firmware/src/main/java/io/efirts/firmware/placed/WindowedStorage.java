// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.spi.NvStorage;

/**
 * Storage whose bytes the firmware reaches through its caller's page tables. Changes translate by
 * themselves; who reads {@link #content} goes to the bytes by the window before.
 */
public interface WindowedStorage extends NvStorage {
  /**
   * The way to the content.
   *
   * @return always the same window
   */
  PageWindow window();
}
