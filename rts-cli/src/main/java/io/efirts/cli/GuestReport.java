// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.util.List;

/**
 * All that {@code rts firmware --json} prints.
 *
 * @param boot the guest
 * @param regions its runtime regions after SetVirtualAddressMap
 * @param findings what somebody should look at
 * @param ways the calls, in each of the three ways
 * @param fault the fault; null unless one was asked for
 */
record GuestReport(
    GuestBoot boot,
    List<GuestRegion> regions,
    List<String> findings,
    List<GuestWay> ways,
    GuestFault fault) {}
