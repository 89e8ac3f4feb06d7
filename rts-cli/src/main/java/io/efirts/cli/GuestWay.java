// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.util.List;

/**
 * The calls made in one way.
 *
 * @param addresses at which addresses firmware was
 * @param calls in order; the same calls in each way
 */
record GuestWay(String addresses, List<GuestCall> calls) {
  /** Under the tables that firmware itself has left. */
  static final String FIRMWARE = "firmware's tables";

  /** Under tables of ours, before SetVirtualAddressMap. */
  static final String PHYSICAL = "1:1 addresses";

  /** Under tables of ours, after it. */
  static final String VIRTUAL = "virtual addresses";
}
