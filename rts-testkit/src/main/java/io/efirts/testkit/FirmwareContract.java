// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import org.junit.jupiter.api.Timeout;

/**
 * What UEFI 2.10 chapter 8 promises about variables, time and the monotonic counter before
 * ExitBootServices, for any firmware: {@link VariableContract} and more.
 */
@Timeout(120)
public abstract class FirmwareContract extends VariableContract
    implements TimePromises, MonotonicCountPromises {
  /** For subclasses. */
  protected FirmwareContract() {}
}
