// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.gate.FirmwareGate;
import org.junit.jupiter.api.Test;

/** I-9: a fault is there as soon as the services are disabled by it, and seen not before. */
class FaultRecordTest {
  private final FirmwareGate gate = new FirmwareGate();
  private final FaultRecord record = new FaultRecord(gate);

  private void note(String fault) {
    record.note(RuntimeService.GET_TIME, 0, null, new IllegalStateException(fault));
  }

  /** As a thread leaves it that is stopped between the two steps of a fault. */
  @Test
  void nobodySeesAFaultWhileTheServicesAreStillOpen() {
    note("injected");
    assertFalse(record.isSet());
    assertNull(record.report());
    gate.damaged();
    assertTrue(record.isSet());
    assertEquals("injected", record.report().thrown().getMessage());
  }

  @Test
  void damageWithoutAFaultIsNone() {
    gate.workerDied();
    assertFalse(record.isSet());
    assertNull(record.report());
  }

  @Test
  void theFirstFaultIsKept() {
    note("first");
    note("second");
    gate.damaged();
    note("third");
    assertEquals("first", record.report().thrown().getMessage());
  }
}
