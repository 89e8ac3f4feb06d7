// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.Passing;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.ServiceParameter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever words go in come out, cut to the widths of the signature. */
class PackingRoundTripTest {
  private final RuntimeCall call = Items.ofBytes(0x200);

  @Property
  void everyServiceGetsItsWords(
      @ForAll RuntimeService service, @ForAll @Size(5) long[] words, @ForAll byte dirt) {
    soil(dirt);
    AbiCalls.pack(call, service, words[0], words[1], words[2], words[3], words[4]);
    CallFrame frame = Items.unpack(call);
    assertEquals(service, frame.service());
    assertEquals(0, frame.vendorEntryPoint());
    assertEquals(service.signature().parameterCount(), frame.argumentCount());
    for (int i = 0; i < frame.argumentCount(); i++) {
      ServiceParameter parameter = service.signature().parameter(i);
      assertEquals(expected(parameter, words[i]), frame.word(i), parameter.name());
      long stored = Items.wordAt(call, i);
      assertEquals(
          parameter.passing() == Passing.POINTER
              ? words[i]
              : Items.FIRMWARE_ADDRESS + call.cellOffset(i),
          stored,
          "a pointer is stored as it is, a value by its cell's address");
    }
  }

  private static long expected(ServiceParameter parameter, long word) {
    if (parameter.passing() == Passing.POINTER) {
      return word;
    }
    return switch (parameter.widthBytes()) {
      case 1 -> word & 0xFF;
      case 4 -> word & 0xFFFF_FFFFL;
      case 8 -> word;
      default -> throw new AssertionError("no service has such a value: " + parameter);
    };
  }

  @Property
  void everyVendorEntryGetsItsWords(
      @ForAll long entryPoint,
      @ForAll @IntRange(max = 6) int count,
      @ForAll @Size(6) long[] words,
      @ForAll byte dirt) {
    long entry = entryPoint == 0 ? 1 : entryPoint;
    soil(dirt);
    AbiCalls.packVendor(
        call, entry, count, words[0], words[1], words[2], words[3], words[4], words[5]);
    CallFrame frame = Items.unpack(call);
    assertEquals(null, frame.service());
    assertEquals(entry, frame.vendorEntryPoint());
    assertEquals(count, frame.argumentCount());
    for (int i = 0; i < count; i++) {
      assertEquals(words[i], frame.word(i));
      assertEquals(words[i], Items.wordAt(call, i));
    }
  }

  /** What an earlier call left must not show through. */
  private void soil(byte dirt) {
    int words = CallLayout.WORDS_OFFSET;
    call.item().asSlice(words, CallLayout.BUFFER_OFFSET - words).fill(dirt);
  }
}
