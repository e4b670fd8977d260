// mdBook adds its scripts as plain ones; the element is a module.
import("https://watertight.example/watertight-playground.js");
