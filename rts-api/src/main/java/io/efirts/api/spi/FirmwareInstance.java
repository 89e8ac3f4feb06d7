// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

import java.util.Objects;

/**
 * A firmware and the context it is called in. The two live and are given up together: when a call
 * wedges, a new instance replaces both.
 *
 * @param firmware answers the calls
 * @param context the machine around it, used by nobody else
 */
public record FirmwareInstance(Firmware firmware, FirmwareContext context) {
  /** Checks that both are given. */
  public FirmwareInstance {
    Objects.requireNonNull(firmware, "firmware");
    Objects.requireNonNull(context, "context");
  }
}
