// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import jdk.jfr.Category;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A fault inside firmware, in a flight recording. */
@Name("io.efirts.Fault")
@Label("EFI Firmware Fault")
@Category("EFI Runtime Services")
@StackTrace(false)
final class FaultEvent extends jdk.jfr.Event {
  @Label("Report")
  String report;
}
