using PsGpt.Plugins;

// Which version of the interfaces this was compiled for. PsGpt refuses an assembly of another one.
[assembly: PluginInterface(PluginInterfaceAttribute.Current)]
