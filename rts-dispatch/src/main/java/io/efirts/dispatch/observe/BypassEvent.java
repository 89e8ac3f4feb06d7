// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A call made on its caller's thread, in a flight recording; written there later than it happened.
 */
@Name("io.efirts.Bypass")
@Label("EFI Runtime Service Direct Call")
@Category("EFI Runtime Services")
@StackTrace(false)
final class BypassEvent extends Event {
  @Label("Service")
  String service;

  @Label("Status")
  String status;

  @Label("Outcome")
  String outcome;

  @Label("Firmware Time")
  @Timespan(Timespan.NANOSECONDS)
  long firmwareTime;

  @Label("Ago")
  @Timespan(Timespan.NANOSECONDS)
  long ago;
}
