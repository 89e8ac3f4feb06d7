// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static io.efirts.api.spec.EfiStatus.INVALID_PARAMETER;
import static io.efirts.api.spec.EfiStatus.NOT_FOUND;
import static io.efirts.api.spec.EfiStatus.SUCCESS;
import static io.efirts.api.spec.EfiStatus.WRITE_PROTECTED;
import static io.efirts.api.spec.RuntimeService.QUERY_VARIABLE_INFO;
import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static io.efirts.firmware.FirmwareHarness.BS;
import static io.efirts.firmware.FirmwareHarness.NV;
import static io.efirts.firmware.FirmwareHarness.OUT;
import static io.efirts.firmware.FirmwareHarness.RT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiGuid;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What changes with ExitBootServices. */
class RuntimePhaseTest {
  private static final EfiGuid V1 = EfiGuid.of("f6fab04f-acaf-4af3-b9fa-dcf97fb4426f");
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2};

  private ReferenceFirmware firmware;
  private FirmwareHarness guest;

  @BeforeEach
  void leaveBootServices() {
    firmware = ReferenceFirmware.builder(NvLayout.OVMF_4M).build();
    guest = new FirmwareHarness(firmware);
    guest.set("NvBs", V1, NV | BS, OLD);
    guest.set("NvBsRt", V1, NV | BS | RT, OLD);
    guest.set("Bs", V1, BS, OLD);
    guest.set("BsRt", V1, BS | RT, OLD);
    firmware.exitBootServices();
    assertEquals(FirmwarePhase.RUNTIME, firmware.phase());
  }

  @Test
  void bootVariablesCannotBeSeen() {
    assertStatus(NOT_FOUND, guest.get("NvBs", V1));
    assertStatus(NOT_FOUND, guest.get("Bs", V1));
    assertStatus(SUCCESS, guest.get("BsRt", V1));
    assertStatus(SUCCESS, guest.get("NvBsRt", V1));
    guest.pokeName("");
    assertStatus(SUCCESS, guest.next());
    assertEquals("BsRt", guest.name());
    assertStatus(SUCCESS, guest.next());
    assertEquals("NvBsRt", guest.name());
    assertStatus(NOT_FOUND, guest.next());
    guest.pokeName("NvBs");
    assertStatus(INVALID_PARAMETER, guest.next());
  }

  @Test
  void bootVariablesCannotBeWritten() {
    assertStatus(WRITE_PROTECTED, guest.set("NvBs", V1, NV | BS, NEW));
    assertStatus(WRITE_PROTECTED, guest.delete("Bs", V1, BS));
    assertStatus(WRITE_PROTECTED, guest.set("NvBs", V1, 0));
  }

  @Test
  void volatileVariablesAreReadOnly() {
    assertStatus(WRITE_PROTECTED, guest.set("BsRt", V1, BS | RT, NEW));
    assertStatus(WRITE_PROTECTED, guest.delete("BsRt", V1, BS | RT));
    assertStatus(INVALID_PARAMETER, guest.set("BsRt", V1, NV | BS | RT, NEW));
    assertStatus(SUCCESS, guest.get("BsRt", V1));
    assertArrayEquals(OLD, guest.data());
  }

  @Test
  void onlyNonVolatileRuntimeVariablesCanBeCreated() {
    assertStatus(INVALID_PARAMETER, guest.set("New", V1, BS | RT, NEW));
    assertStatus(INVALID_PARAMETER, guest.set("New", V1, NV | BS, NEW));
    assertStatus(INVALID_PARAMETER, guest.set("New", V1, BS, NEW));
    assertStatus(NOT_FOUND, guest.set("New", V1, 0, NEW));
    assertStatus(SUCCESS, guest.set("New", V1, NV | BS | RT, NEW));
  }

  @Test
  void nonVolatileRuntimeVariablesCanBeChangedAndDeleted() {
    assertStatus(SUCCESS, guest.set("NvBsRt", V1, NV | BS | RT, NEW));
    assertStatus(SUCCESS, guest.get("NvBsRt", V1));
    assertArrayEquals(NEW, guest.data());
    assertStatus(SUCCESS, guest.delete("NvBsRt", V1, NV | BS | RT));
    assertStatus(NOT_FOUND, guest.get("NvBsRt", V1));
  }

  @Test
  void queryNeedsRuntimeAccessAndCountsDeadSpace() {
    assertStatus(
        INVALID_PARAMETER, guest.call(QUERY_VARIABLE_INFO, NV | BS, OUT, OUT + 8, OUT + 16));
    long before = remaining();
    guest.set("NvBsRt", V1, NV | BS | RT, NEW);
    long record = 60 + 14 + 1 + 1; // header, name, data, pad
    assertEquals(before - record, remaining());
    guest.delete("NvBsRt", V1, NV | BS | RT);
    assertEquals(before - record, remaining());
  }

  private long remaining() {
    assertStatus(SUCCESS, guest.call(QUERY_VARIABLE_INFO, NV | BS | RT, OUT, OUT + 8, OUT + 16));
    return guest.peekLong(OUT + 8);
  }
}
