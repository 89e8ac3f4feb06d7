// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.step.SteppedStorage;
import io.efirts.testkit.step.StorageStep;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * I-18, I-28, the whole way: a thread is stopped at a step of SetVariable, queued or direct; a
 * panicking thread takes the firmware over, writes a record and resets; then the first thread goes
 * on. Both variables are in the image as promised.
 */
@Timeout(120)
class EmergencyInSetVariableTest {
  private enum Path {
    QUEUED,
    DIRECT
  }

  private static final byte[] DUMP = {9, 8, 7};

  private final List<ResetType> resets = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void theRecordIsWrittenAndTheInterruptedVariableIsOldOrNew(Path path) throws Exception {
    int stops = 0;
    for (StorageStep step : StorageStep.values()) {
      int number = 1;
      while (panicsAt(path, step, number)) {
        number++;
      }
      stops += number - 1;
    }
    assertEquals(stops, resets.size());
    assertTrue(stops > 20, "SetVariable must be stopped at each of its steps: stops=" + stops);
  }

  /** False if SetVariable ended before it came to that step. */
  private boolean panicsAt(Path path, StorageStep step, int number) throws Exception {
    SteppedStorage storage = new SteppedStorage(NvImage.inMemory(NvLayout.OVMF_4M).storage());
    NvImage image = NvImage.of(storage);
    ReferenceFirmware firmware =
        ReferenceFirmware.builder(image)
            .resetHandler((type, status, data, dataBytes) -> resets.add(type))
            .build();
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).calls(2).bufferBytes(1024).start()) {
      assertTrue(set(dispatcher, path, "01").isSuccess());
      try (StoppedCall call =
          StoppedCall.at(storage, step, number, () -> set(dispatcher, path, "02").status().raw())) {
        if (call == null) {
          return false;
        }
        panic(dispatcher);
        call.goOn();
      }
    }
    Map<String, String> found = Machine.over(storage).owner().variables();
    assertTrue(List.of("01", "02").contains(found.remove("V")), path + " " + step + " " + number);
    assertEquals(Map.of("dump-type0-1-1-0", "090807"), found, path + " " + step + " " + number);
    return true;
  }

  private static void panic(Dispatcher dispatcher) {
    Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
    assertTrue(emergency.firmwareWasInterrupted());
    assertTrue(emergency.canCallFirmware());
    LongHolder remaining = new LongHolder();
    assertTrue(
        emergency.queryVariableInfo(7, new LongHolder(), remaining, new LongHolder()).isSuccess());
    assertTrue(remaining.value > 0);
    CallResult written =
        emergency.setVariable(
            "dump-type0-1-1-0", Deed.GUID, 7, DUMP.length, MemorySegment.ofArray(DUMP));
    assertEquals(EfiStatus.SUCCESS, written.status());
    assertTrue(emergency.resetSystem(ResetType.WARM, EfiStatus.SUCCESS, null).isSuccess());
    emergency.end();
  }

  private static CallResult set(Dispatcher dispatcher, Path path, String value) {
    byte[] bytes = {Byte.parseByte(value)};
    MemorySegment data = MemorySegment.ofArray(bytes);
    return switch (path) {
      case QUEUED -> dispatcher.runtimeServices().setVariable("V", Deed.GUID, 7, 1, data);
      case DIRECT -> dispatcher.nonBlocking().setVariable("V", Deed.GUID, 7, 1, data);
    };
  }
}
