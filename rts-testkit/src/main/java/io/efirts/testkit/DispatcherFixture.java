// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spi.Firmware;

/** What the parts of {@link DispatcherContract} have in common. */
interface DispatcherFixture {
  /** A namespace whose 16 bytes all differ. */
  EfiGuid VENDOR = EfiGuid.of("12345678-9abc-def0-1122-334455667788");

  /**
   * Opens the dispatcher under test.
   *
   * @param firmware what it calls
   * @return an open dispatcher with room for at least 8 calls of 2 KiB each, closed by the test
   */
  DispatcherUnderTest open(Firmware firmware);
}
