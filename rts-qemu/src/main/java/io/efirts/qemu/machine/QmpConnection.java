// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A control connection: QEMU's machine protocol (QMP), one command at a time.
 *
 * <p>A command sends one JSON object and reads lines until the answer with its number is there.
 * Events and late answers to commands given up on are passed over; nobody needs to read in between,
 * since QEMU keeps what it could not send. Any thread may call, also one whose interrupt flag is
 * set, which stays set.
 */
final class QmpConnection {
  private static final int LINE_LIMIT_BYTES = 1 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final PolledSocket socket;
  private final ByteBuffer input = ByteBuffer.allocateDirect(4096).flip();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long lastNumber;

  private QmpConnection(PolledSocket socket) {
    this.socket = socket;
  }

  /**
   * Takes over a fresh connection: reads the greeting and leaves negotiation mode.
   *
   * @throws MachineException if QEMU does not greet and answer in time
   */
  static QmpConnection over(PolledSocket socket, long deadline) {
    QmpConnection connection = new QmpConnection(socket);
    JsonObject greeting = connection.nextObject("greeting", deadline);
    if (!greeting.has("QMP")) {
      throw new MachineException("QEMU must greet first: greeting=" + greeting);
    }
    connection.command("qmp_capabilities", null, deadline);
    return connection;
  }

  /**
   * Gives a command and waits for its answer.
   *
   * @param name the command
   * @param arguments its arguments, or null for none
   * @param deadline latest time as of {@link System#nanoTime()}
   * @return what QEMU returned
   * @throws MachineException if QEMU refuses, does not answer in time, or has ended
   */
  JsonElement command(String name, JsonObject arguments, long deadline) {
    boolean interrupted = Thread.interrupted();
    boolean locked = false;
    try {
      while (!locked) {
        try {
          locked = lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
          if (!locked) {
            throw late(name);
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return exchange(name, arguments, deadline);
    } finally {
      if (locked) {
        lock.unlock();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private JsonElement exchange(String name, JsonObject arguments, long deadline) {
    JsonObject command = new JsonObject();
    command.addProperty("execute", name);
    if (arguments != null) {
      command.add("arguments", arguments);
    }
    command.addProperty("id", ++lastNumber);
    send(name, command.toString() + "\n", deadline);
    while (true) {
      JsonObject answer = nextObject(name, deadline);
      JsonElement number = answer.get("id");
      if (number == null || number.getAsLong() != lastNumber) {
        continue;
      }
      if (answer.has("error")) {
        throw new MachineException(
            "QEMU must accept the command: command=" + command + ", error=" + answer.get("error"));
      }
      return answer.get("return");
    }
  }

  private void send(String name, String text, long deadline) {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try {
      while (true) {
        socket.write(bytes);
        if (!bytes.hasRemaining()) {
          return;
        }
        if (System.nanoTime() - deadline >= 0) {
          throw late(name);
        }
        PolledSocket.pause();
      }
    } catch (IOException e) {
      throw new MachineException("QEMU must take commands: command=" + name, e);
    }
  }

  /** The next line, which is an object whatever it says. */
  private JsonObject nextObject(String name, long deadline) {
    try {
      while (true) {
        while (input.hasRemaining()) {
          byte next = input.get();
          if (next != '\n') {
            append(next);
          } else {
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            return JsonParser.parseString(text).getAsJsonObject();
          }
        }
        int count = socket.read(input.clear());
        input.flip();
        if (count < 0) {
          throw new MachineException("QEMU must keep the connection: command=" + name);
        }
        if (count == 0) {
          if (System.nanoTime() - deadline >= 0) {
            throw late(name);
          }
          PolledSocket.pause();
        }
      }
    } catch (JsonParseException | IllegalStateException e) {
      throw new MachineException("QEMU must answer in JSON objects: command=" + name, e);
    } catch (IOException e) {
      throw new MachineException("QEMU must keep the connection: command=" + name, e);
    }
  }

  private void append(byte next) {
    if (line.size() == LINE_LIMIT_BYTES) {
      throw new MachineException("QMP line must have at most 1 MiB: bytes=" + line.size());
    }
    line.write(next);
  }

  private static MachineException late(String name) {
    return new MachineException("QEMU must answer in time: command=" + name);
  }
}
